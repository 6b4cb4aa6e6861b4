// SPDX-License-Identifier: Apache-2.0

import CCurl

extension EasyHandle {
    /// Whether the response has a content coding other than `identity`.
    var hasContentEncoding: Bool {
        withHeader("content-encoding") { !$0.isEmpty && String(copying: $0).lowercased() != "identity" } ?? false
    }

    /// Whether the header section, or one line of it, is beyond what libcurl takes.
    ///
    /// Before 8.6 libcurl has no code for it: the section is reported as an error in receiving, and a line as a lack of
    /// memory, which after the request was sent it is not.
    private func areHeadersTooLarge(_ code: Int32) -> Bool {
        switch code {
        case CurlCode.receiveError: failureText(code).hasPrefix("Too large response headers")
        case CurlCode.outOfMemory: number(CURLINFO_REQUEST_SIZE) > 0 && reception.body.isEmpty
        default: false
        }
    }

    /// Why the transfer failed that ended with this code; nil when it did not.
    func failure(_ code: Int32) -> TransferError? {
        // Once the answer is complete, nothing that happens to its stream matters.
        if reception.isAnswered || code == CurlCode.ok { return nil }
        switch reception.refusal {
        case .limitExceeded:
            return TransferError(
                curlCode: CurlCode.writeError,
                message: "the answer is larger than \(bodyLimit) bytes",
                limitExceeded: true
            )
        case .unwantedEncoding:
            return TransferError(
                curlCode: CurlCode.badContentEncoding,
                message: "the answer is compressed"
            )
        case .none where areHeadersTooLarge(code):
            return TransferError(curlCode: CurlCode.tooLarge, message: "the headers of the answer are too large")
        case .none:
            // libcurl 7.88 keeps CURLINFO_OS_ERRNO from transfer to transfer: it belongs to this one only where connecting failed.
            let connectError = code == CurlCode.couldNotConnect ? Int32(number(CURLINFO_OS_ERRNO)) : 0
            let number = reception.socketError != 0 ? reception.socketError : connectError
            return TransferError(curlCode: code, osError: number, message: failureText(code))
        }
    }
}
