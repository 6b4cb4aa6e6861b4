// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// The functions through which libcurl comes back to a handle, on the thread that drives it.
enum EasyHandleCallbacks {
    /// Hands over a piece of the body; anything but its size as the result fails the transfer with CURLE_WRITE_ERROR.
    static let write: curl_write_callback = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let handle = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
        let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        let accepted = unsafe handle.reception.receive(piece.bindMemory(to: UInt8.self), for: handle)
        return accepted ? size * count : 0
    }

    /// Makes a socket, as libcurl would, but remembers why it could not: libcurl itself forgets a lack of descriptors.
    static let openSocket: curl_opensocket_callback = { context, _, address in
        guard let context = unsafe context, let address = unsafe address else { return -1 }
        let kind = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(address.pointee.family, kind, address.pointee.protocol)
        if descriptor < 0 {
            let handle = unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
            handle.reception.socketError = errno
        }
        return descriptor
    }
}
