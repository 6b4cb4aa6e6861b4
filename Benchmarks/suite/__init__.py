# SPDX-License-Identifier: Apache-2.0
"""The benchmark suite of scripts/bench: starts processes, compares what they used, writes docs/performance.md."""
