// SPDX-License-Identifier: Apache-2.0

/// Why a store cannot be opened. Only `secondInstance` is a reason not to run: with the others the agent goes on from memory.
package enum StoreProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process has locked the directory; its process id when it could be read.
    case secondInstance(directory: String, process: Int32?)
    /// A newer release wrote the database, of which nothing was touched.
    case newerSchema(file: String, found: Int, known: Int)
    /// The directory, or what is in it, cannot even be read. Nothing was touched, and it can be opened again later.
    case unusable(String)

    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .secondInstance(let directory, let process):
            "another process\(process.map { " (\($0))" } ?? "") uses \(directory); "
                + "stop it, or give each agent a state_dir of its own"
        case .newerSchema(let file, let found, let known):
            "\(file) was written by a newer release (schema \(found), this one knows \(known)); "
                + "install that release again, or move the file away"
        case .unusable(let text): text
        }
    }
}
