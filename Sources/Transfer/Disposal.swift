// SPDX-License-Identifier: Apache-2.0

/// Handles on their way to being freed on the executor's thread.
///
/// It holds a reference to each of its own, so that they live on until `free` wherever their last user lets go of them.
@safe
struct Disposal: @unchecked Sendable {
    private let handles: [Unmanaged<EasyHandle>]

    init(_ handles: some Sequence<EasyHandle>) {
        unsafe self.handles = handles.map { unsafe Unmanaged.passRetained($0) }
    }

    /// Ends the transfers and frees the handles; to be called once, where none is driven at the same moment.
    func free(from multi: MultiHandle) {
        for index in unsafe handles.indices {
            let handle = unsafe handles[index]
            // A handle that is freed in the middle of a transfer would leave its connection open.
            unsafe handle.takeUnretainedValue().end(in: multi)
            unsafe handle.release()
        }
    }
}
