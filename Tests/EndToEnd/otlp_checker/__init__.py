# SPDX-License-Identifier: Apache-2.0
"""A strict checker of OTLP/HTTP JSON requests.

Each request goes through four layers: what is around the body; `shape`, the raw JSON against the protobuf descriptors
and against the one form of each field that every known receiver reads; `decoding`, protobuf's own JSON parser;
`meaning` and `metrics`, the rules of the specifications for ids, times, sums, buckets, units and attributes.
`Checker` remembers what an instance has sent (`history`), so that a counter that falls or a start time that moves is
found as well.
"""

from .checker import Checker, check_payload
from .mistakes import Mistakes

__all__ = ["Checker", "Mistakes", "check_payload"]
