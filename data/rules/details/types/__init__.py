"""One file a module type, with a `TYPE`: a file that is put here is found by itself."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from data.rules.details.module_type import ModuleType


def _all() -> dict[str, ModuleType]:
    types = [import_module(f"{__name__}.{file.name}").TYPE for file in iter_modules(__path__)]
    return {each.key: each for each in types}


MODULE_TYPES: Final[Mapping[str, ModuleType]] = _all()
"""Every type that we know, by its key."""
