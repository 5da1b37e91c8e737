"""The build backend: setuptools, with the schema's modules made before.

`pip` builds in an environment of its own, which does not see the system's packages and would fetch
setuptools from the network. So this looks for setuptools where Debian puts it first, and asks for
it only where there is none.
"""

import importlib
import importlib.util
import sys
import sysconfig
from collections.abc import Mapping
from typing import Any

import generate


def _find_setuptools() -> bool:
    if importlib.util.find_spec("setuptools") is None:
        if "deb_system" not in sysconfig.get_scheme_names():
            return False
        sys.path.append(
            sysconfig.get_path("purelib", "deb_system", {"base": sys.base_prefix}))
    return all(importlib.util.find_spec(name) for name in ("setuptools", "wheel"))


def _requires(config_settings: Mapping[str, Any] | None = None) -> list[str]:
    return [] if _find_setuptools() else ["setuptools>=61", "wheel"]


get_requires_for_build_wheel = _requires
get_requires_for_build_sdist = _requires
get_requires_for_build_editable = _requires


def _backend() -> Any:
    generate.generate()
    _find_setuptools()
    return importlib.import_module("setuptools.build_meta")


def build_wheel(wheel_directory: str, config_settings: Any = None,
                metadata_directory: str | None = None) -> str:
    return str(_backend().build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(wheel_directory: str, config_settings: Any = None,
                   metadata_directory: str | None = None) -> str:
    return str(_backend().build_editable(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    return str(_backend().build_sdist(sdist_directory, config_settings))
