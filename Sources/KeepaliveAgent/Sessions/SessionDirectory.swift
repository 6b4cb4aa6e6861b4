// SPDX-License-Identifier: Apache-2.0

import KeepaliveEngine

/// What the requests on each session need, by the engine's handle; handles are dense, so it is an array.
struct SessionDirectory: Sendable {
    private struct Entry: Sendable {
        let handle: SessionHandle
        var context: SessionContext
    }

    private var entries: [Entry?] = []

    /// The context of a session; nil when the handle is no longer, or not yet, in use.
    subscript(handle: SessionHandle) -> SessionContext? {
        get {
            guard Int(handle.index) < entries.count, let entry = entries[Int(handle.index)], entry.handle == handle
            else {
                return nil
            }
            return entry.context
        }
        set {
            while entries.count <= Int(handle.index) { entries.append(nil) }
            if let newValue {
                entries[Int(handle.index)] = Entry(handle: handle, context: newValue)
            } else if entries[Int(handle.index)]?.handle == handle {
                entries[Int(handle.index)] = nil
            }
        }
    }

    /// All sessions of one backend.
    func handles(on backend: BackendIndex) -> [SessionHandle] {
        entries.compactMap { $0?.context.backend == backend ? $0?.handle : nil }
    }
}
