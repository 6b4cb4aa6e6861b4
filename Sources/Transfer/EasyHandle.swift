// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// One slot for transfers to one endpoint, used again and again: libcurl's handle and all buffers of a transfer.
///
/// Only options that differ from one transfer to the next are set per transfer. The handle is confined to the thread of
/// its executor, like everything of its pool.
@safe
final class EasyHandle {
    enum State {
        case idle
        /// Under way, and somebody waits for the outcome.
        case running
        /// Its outcome is being handed over.
        case ended
        /// The answer was complete and has been handed over; the stream has not ended yet.
        case draining
    }

    let index: Int
    let resources: EndpointResources
    var state = State.idle
    /// Whose transfer it is; what the starter called it.
    var tag: UInt64 = 0
    /// Who waits for the whole response, when it is a request of the control plane.
    var waiter: TransferWaiter?
    var drainDeadline: ContinuousClock.Instant?

    let headers = HeaderList()
    let requestBody = StableBytes()
    let reception: Reception

    private let pointer: UnsafeMutableRawPointer
    /// Where libcurl writes the details of a failure.
    private let details: UnsafeMutablePointer<CChar>
    /// What the options were last set for.
    private var armed: RequestHead?

    /// `RequestHead.bodyLimit` of the current transfer, in bytes.
    var bodyLimit: Int { armed?.bodyLimit ?? 0 }

    init(index: Int, resources: EndpointResources, inspection: Inspection) throws(TransferError) {
        guard let pointer = unsafe curl_easy_init() else { throw TransferError(preparing: CurlCode.failedInit) }
        unsafe self.pointer = unsafe pointer
        unsafe details = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe details.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        self.index = index
        self.resources = resources
        reception = Reception(inspection: inspection, refusesEncodings: resources.options.acceptEncoding == nil)
        try connectCallbacks()
        try configure()
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe details.deallocate()
    }

    /// The index of the handle that libcurl's pointer belongs to.
    static func index(of easy: UnsafeMutableRawPointer) -> Int {
        var index: UnsafeMutableRawPointer?
        _ = unsafe ccurl_getinfo_pointer(easy, &index)
        return Int(bitPattern: index) - 1
    }

    /// Starts the transfer for which headers and body have been filled in.
    func start(_ head: RequestHead, in multi: MultiHandle) throws(TransferError) {
        unsafe details[0] = 0
        reception.reset(for: head)
        if armed != head {
            try arm(head, replacing: armed)
            armed = head
        }
        if head.method == .post {
            // Set each time: the bytes may have moved.
            let body = unsafe UnsafeMutableRawPointer(requestBody.pointer)
            try set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(requestBody.count))
            try unsafe set(CURLOPT_POSTFIELDS, pointer: body)
        }
        try CurlLibrary.check(unsafe ccurl_setopt_list(pointer, CURLOPT_HTTPHEADER, resources.headers(after: headers)))
        try unsafe multi.add(pointer)
    }

    /// Takes the transfer out of the set; its results stay readable until the next start.
    func remove(from multi: MultiHandle) {
        unsafe multi.remove(pointer)
    }

    /// Takes the transfer out if there is one; the handle is not used again.
    func end(in multi: MultiHandle) {
        if state == .running || state == .draining { remove(from: multi) }
        state = .idle
    }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
        try CurlLibrary.check(unsafe ccurl_setopt_long(pointer, option, value))
    }

    func set(_ option: CURLoption, offset: Int64) throws(TransferError) {
        try CurlLibrary.check(unsafe ccurl_setopt_offset(pointer, option, curl_off_t(offset)))
    }

    /// Sets a string, of which libcurl makes a copy.
    func set(_ option: CURLoption, _ value: String?) throws(TransferError) {
        guard let value else { return try CurlLibrary.check(unsafe ccurl_setopt_string(pointer, option, nil)) }
        let code = unsafe value.withCString { text in unsafe ccurl_setopt_string(pointer, option, text) }
        try CurlLibrary.check(code)
    }

    private func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(TransferError) {
        try CurlLibrary.check(unsafe ccurl_setopt_pointer(pointer, option, value))
    }

    /// Gives libcurl what it needs to come back to this handle. The pointers are unretained: the handle outlives them.
    private func connectCallbacks() throws(TransferError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try unsafe set(CURLOPT_PRIVATE, pointer: UnsafeMutableRawPointer(bitPattern: index + 1))
        try unsafe set(CURLOPT_WRITEDATA, pointer: context)
        try CurlLibrary.check(unsafe ccurl_setopt_write(pointer, EasyHandleCallbacks.write))
        try unsafe set(CURLOPT_OPENSOCKETDATA, pointer: context)
        try CurlLibrary.check(unsafe ccurl_setopt_open_socket(pointer, EasyHandleCallbacks.openSocket))
        try CurlLibrary.check(unsafe ccurl_setopt_buffer(pointer, CURLOPT_ERRORBUFFER, details))
        unsafe try resources.setURL(of: unsafe pointer)
    }

    // MARK: Results

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe ccurl_getinfo_long(pointer, info, &value)
        return value
    }

    func microseconds(_ info: CURLINFO) -> Duration {
        var value: curl_off_t = 0
        _ = unsafe ccurl_getinfo_offset(pointer, info, &value)
        return .microseconds(Int64(value))
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        let code = unsafe ccurl_getinfo_string(pointer, info, &value)
        guard code == CURLE_OK, let text = unsafe value else { return nil }
        return unsafe String(cString: text)
    }

    /// Runs the closure with the value of the first field of that name in the final response; nil when there is none.
    func withHeader<Result>(_ name: StaticString, _ body: (Span<UInt8>) -> Result) -> Result? {
        var header: UnsafeMutablePointer<curl_header>?
        let code = name.withUTF8Buffer { name in
            unsafe curl_easy_header(pointer, cString(name), 0, UInt32(CURLH_HEADER), -1, &header)
        }
        guard code == CURLHE_OK, let value = unsafe header?.pointee.value else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: value, count: strlen(value))
        return unsafe body(bytes.bindMemory(to: UInt8.self).span)
    }

    /// All fields of the final response, in order.
    func fields() -> [HeaderField] {
        var fields: [HeaderField] = []
        var header: UnsafeMutablePointer<curl_header>?
        while let next = unsafe curl_easy_nextheader(pointer, UInt32(CURLH_HEADER), -1, header) {
            let name = unsafe String(cString: next.pointee.name)
            let value = unsafe String(cString: next.pointee.value)
            fields.append(HeaderField(name: name, value: value))
            unsafe header = unsafe next
        }
        return fields
    }

    /// libcurl's own words for how the transfer failed.
    func failureText(_ code: Int32) -> String {
        let text = unsafe String(cString: details)
        return text.isEmpty ? CurlCode.text(code) : text
    }

    /// A static string ends with a zero byte, which its buffer leaves out.
    private func cString(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafePointer<CChar>? {
        guard let base = bytes.baseAddress else { return nil }
        return unsafe UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
    }
}
