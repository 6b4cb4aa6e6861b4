# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests are made of: real servers, scripted ones, a collector and the agent as processes."""
