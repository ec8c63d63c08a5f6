"""SNMP on the wire: BER, the small v1/v2c engine of our own, and SNMPv3 by pysnmp behind the same interface."""
