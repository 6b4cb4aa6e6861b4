// SPDX-License-Identifier: Apache-2.0

/// The exit codes of every verb: sysexits where one fits.
enum ExitStatus: Int32 {
    case ok = 0
    /// Some or all calls on an open session failed.
    case someFailed = 1
    /// The command line is wrong (EX_USAGE).
    case usage = 64
    /// A file named on the command line does not exist (EX_NOINPUT).
    case noInput = 66
    /// A backend or the collector cannot be reached, or answers 5xx (EX_UNAVAILABLE).
    case unavailable = 69
    /// Another agent uses the same `state_dir`; it works when that one has ended (EX_TEMPFAIL).
    case secondInstance = 75
    /// What answers does not speak MCP (EX_PROTOCOL).
    case protocolError = 76
    /// The credential was refused (EX_NOPERM).
    case noPermission = 77
    /// The configuration has errors (EX_CONFIG).
    case configuration = 78
}
