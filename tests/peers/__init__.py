"""A LAN of real servers that nobody of this project wrote, in network namespaces: see lan.py.

Devices: ippeveprinter with Avahi (ipp_printer.py), net-snmp's snmpd (snmp_printer.py), snmpsim replaying recorded walks
(snmp_replay.py). Around them: OpenSMTPD (mail_server.py).
"""
