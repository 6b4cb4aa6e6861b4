// SPDX-License-Identifier: Apache-2.0

/// Bytes that stay where they are while libcurl sends them, in memory that is used again and again.
@safe
final class StableBytes {
    /// The bytes, valid until the next change.
    private(set) var pointer: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    /// What is kept from one request to the next; larger bodies are rare.
    private static let keptCapacity = 64 * 1024

    init() {
        capacity = 256
        unsafe pointer = .allocate(capacity: capacity)
    }

    deinit {
        unsafe pointer.deallocate()
    }

    func replace(with bytes: Span<UInt8>) {
        count = bytes.count
        if count > capacity { reallocate(count) }
        unsafe bytes.withUnsafeBytes { source in
            guard let source = source.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(pointer).copyMemory(from: source, byteCount: count)
        }
    }

    /// Empties the storage and gives back what is unusually large.
    func removeAll() {
        count = 0
        if capacity > Self.keptCapacity { reallocate(256) }
    }

    private func reallocate(_ newCapacity: Int) {
        unsafe pointer.deallocate()
        capacity = newCapacity
        unsafe pointer = .allocate(capacity: newCapacity)
    }
}
