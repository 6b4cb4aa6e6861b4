// SPDX-License-Identifier: Apache-2.0

internal import CZlib

/// A gzip compressor that is used for one batch after the other.
@safe
public struct Gzip: ~Copyable {
    /// zlib keeps a pointer to the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A compressor. Level 1 (fastest) to 9 (smallest); telemetry shrinks to a ninth at level 1, to an eleventh at 6, which
    /// takes twice as long.
    public init(level: Int = 1) throws(GzipError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_deflate_init_gzip(stream, Int32(clamping: level)) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Replaces `output` with the input as one gzip member; the memory of `output` is used again.
    public mutating func compress(_ input: [UInt8], into output: inout [UInt8]) {
        // Neither call can fail on a stream that was set up and with room for the worst case (zlib.h).
        unsafe deflateReset(stream)
        let bound = unsafe Int(deflateBound(stream, UInt(input.count)))
        output.removeAll(keepingCapacity: true)
        output.reserveCapacity(bound)
        unsafe input.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            output.append(addingCapacity: bound) { target in
                unsafe target.withUnsafeMutableBufferPointer { buffer, count in
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(bound)
                    let result = unsafe deflate(stream, Z_FINISH)
                    precondition(result == Z_STREAM_END, "deflate left a batch unfinished")
                    count = unsafe bound - Int(stream.pointee.avail_out)
                }
            }
        }
    }
}
