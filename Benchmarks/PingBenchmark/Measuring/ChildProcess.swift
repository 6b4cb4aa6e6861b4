// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A process that was started here and writes its result to its standard output.
///
/// Its standard input stays open until it is let go; its standard error is ours.
final class ChildProcess {
    private let identifier: pid_t
    private let input: Int32
    private let output: Int32
    private var isWaitedFor = false

    /// Starts a program, found along PATH unless its name has a slash.
    init(_ command: [String]) throws(BenchmarkError) {
        let standardInput = try Self.pipe()
        let standardOutput = try Self.pipe()
        input = standardInput.writing
        output = standardOutput.reading
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawn_file_actions_adddup2(&actions, standardInput.reading, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, standardOutput.writing, STDOUT_FILENO)
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        var identifier: pid_t = 0
        let result = unsafe posix_spawnp(&identifier, command[0], &actions, nil, &arguments, environ)
        unsafe arguments.forEach { unsafe free($0) }
        unsafe posix_spawn_file_actions_destroy(&actions)
        close(standardInput.reading)
        close(standardOutput.writing)
        self.identifier = identifier
        guard result == 0 else { throw BenchmarkError("\(command[0]) cannot be started: errno \(result)") }
    }

    deinit {
        if !isWaitedFor { kill(identifier, SIGTERM) }
        close(output)
        if !isWaitedFor { close(input) }
    }

    /// A pipe that no program inherits unless it is told to.
    private static func pipe() throws(BenchmarkError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0, fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0,
            fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
        else { throw .system("pipe") }
        return (ends[0], ends[1])
    }

    /// The next line of its output; nil when there is none.
    func readLine() -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(output, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    /// Ends its input, reads all that it still writes, and waits until it ends.
    /// - Returns: the rest of its output, and its processor time in microseconds.
    func finish() throws(BenchmarkError) -> (output: String, processorTime: UInt64) {
        close(input)
        isWaitedFor = true
        var lines: [String] = []
        while let line = readLine() { lines.append(line) }
        var status: Int32 = 0
        var usage = rusage()
        guard unsafe wait4(identifier, &status, 0, &usage) == identifier else { throw .system("wait4") }
        guard status == 0 else { throw BenchmarkError("a process ended with the wait status \(status)") }
        return (lines.joined(separator: "\n"), usage.processorTime)
    }
}
