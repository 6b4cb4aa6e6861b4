// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Data goes to stdout, talk goes to stderr.
enum Terminal {
    /// Prints data, a line at once even into a pipe; false when nobody reads it any more.
    @discardableResult
    static func say(_ line: String) -> Bool {
        put(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes to stdout what is no line, such as commands to the terminal.
    static func put(_ text: String) {
        _ = put(text, to: STDOUT_FILENO)
    }

    /// Prints talk.
    static func talk(_ line: String) {
        _ = put(line + "\n", to: STDERR_FILENO)
    }

    /// Whether colors may be used on a descriptor (no-color.org and the CLICOLOR_FORCE convention).
    static func isColored(_ descriptor: Int32, environment: [String: String]) -> Bool {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return false }
        if environment["CLICOLOR_FORCE"].map({ !$0.isEmpty && $0 != "0" }) ?? false { return true }
        return isTerminal(descriptor) && environment["TERM"] != "dumb"
    }

    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    private static func put(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR && errno != EAGAIN {
                // A reader that went away, as `head` does, is no reason to fail.
                return false
            }
        }
        return true
    }
}
