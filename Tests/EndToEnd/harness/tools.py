# SPDX-License-Identifier: Apache-2.0
"""The tools of the repository and of Debian, as tests call them."""

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def load_script(name: str) -> ModuleType:
    """A Python program of scripts/, which has no suffix, as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(ROOT / "scripts" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    # No compiled copy of it in scripts/, where its own imports are.
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
        sys.dont_write_bytecode = before
    return module


def run(*command: str) -> tuple[int, str]:
    """Exit code and everything that it printed."""
    assert shutil.which(command[0]) or Path(command[0]).exists(), f"{command[0]} is missing: run scripts/setup --tests"
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return result.returncode, result.stdout + result.stderr
