// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text of UTF-8 bytes; what is not UTF-8 becomes replacement characters.
    init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
    }
}
