// SPDX-License-Identifier: Apache-2.0

internal import CZlib

extension Gzip {
    /// Inflates gzip bytes, one member or several in a row.
    ///
    /// Nothing beyond `limit` bytes is ever inflated: more than that is an error, however small the input was.
    public static func inflate(_ input: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        var stream = unsafe z_stream()
        guard unsafe czlib_inflate_init_gzip(&stream) == Z_OK else { throw .outOfMemory }
        defer { unsafe inflateEnd(&stream) }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32 * 1024)
        var consumed = 0
        var isInsideMember = true
        while isInsideMember || consumed < input.count {
            if !isInsideMember { unsafe inflateReset(&stream) }
            let step = unsafe inflateStep(&stream, input, from: consumed, into: &chunk)
            consumed += step.consumed
            output.append(contentsOf: chunk.prefix(step.produced))
            guard output.count <= limit else { throw .limitExceeded }
            switch step.result {
            case Z_STREAM_END: isInsideMember = false
            case Z_OK where step.consumed + step.produced > 0: isInsideMember = true
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .damaged
            }
        }
        return output
    }

    private static func inflateStep(
        _ stream: inout z_stream,
        _ input: [UInt8],
        from start: Int,
        into chunk: inout [UInt8]
    ) -> (result: Int32, consumed: Int, produced: Int) {
        let available = input.count - start
        let capacity = chunk.count
        return unsafe input.withUnsafeBufferPointer { input in
            unsafe chunk.withUnsafeMutableBufferPointer { chunk in
                unsafe stream.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)?.advanced(by: start)
                unsafe stream.avail_in = UInt32(clamping: available)
                unsafe stream.next_out = chunk.baseAddress
                unsafe stream.avail_out = UInt32(capacity)
                let offered = unsafe Int(stream.avail_in)
                let result = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                return unsafe (result, offered - Int(stream.avail_in), capacity - Int(stream.avail_out))
            }
        }
    }
}
