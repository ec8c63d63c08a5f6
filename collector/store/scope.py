"""Scope: which customers a caller may see. Every query takes one, so that none can be asked without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, true


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of tenants, or all of them (`tenants` is None). Made from credentials, never from a request's own words."""

    tenants: frozenset[str] | None

    @classmethod
    def everything(cls) -> Scope:
        """For internal work and for the roles owner and admin."""
        return cls(None)

    @classmethod
    def of(cls, *tenants: str) -> Scope:
        return cls(frozenset(tenants))

    def sees(self, tenant_id: str | None) -> bool:
        return self.tenants is None or tenant_id in self.tenants

    def where(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that keeps a query inside; a row without a tenant is only for those who see everything."""
        return true() if self.tenants is None else column.in_(sorted(self.tenants))
