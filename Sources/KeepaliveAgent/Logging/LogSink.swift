// SPDX-License-Identifier: Apache-2.0

package import LogText

/// Takes log lines; the agent's own narration, apart from telemetry.
package protocol LogSink: Sendable {
    /// Writes or keeps the line; must not block for long and never fails.
    func write(_ line: LogLine)
}

extension LogSink {
    /// Writes a line of now that is about no event.
    package func say(_ level: LogLevel, _ message: String) {
        write(LogLine(unixNanoseconds: AgentClock.system.unixNanoseconds(), level: level, message: message))
    }
}
