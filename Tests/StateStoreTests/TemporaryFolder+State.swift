// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeepaliveAgent
import KeepaliveTesting
import StateStore
import Testing

extension TemporaryFolder {
    /// Where the store of a test is, inside this folder.
    static let state = "state"

    /// Opens the store in `state/`; the time stands still.
    func open(
        _ name: String = TemporaryFolder.state,
        limits: StoreLimits = StoreLimits()
    ) throws(StoreProblem) -> (store: StateStore, state: StoredState, notes: [String]) {
        try StateStore.open(directory: self(name), limits: limits, now: { 1_800_000_000_000 })
    }

    /// Copies the files of `state/` as they are now, which is what a process that is killed now leaves.
    func copy(to name: String, except: Set<String> = []) throws {
        try makeFolder(name)
        for file in names(in: TemporaryFolder.state) where !except.contains(file) {
            try write(try read("\(TemporaryFolder.state)/\(file)"), to: "\(name)/\(file)")
        }
    }

    /// Writes into a file without making it shorter, for SQLite may have it mapped.
    func overwrite(_ name: String, with bytes: [UInt8]) throws {
        let file = unsafe Glibc.open(self(name), O_WRONLY)
        try #require(file >= 0)
        defer { close(file) }
        #expect(unsafe pwrite(file, bytes, bytes.count, 0) == bytes.count)
    }
}
