internal import CCurl

/// One libcurl easy handle with what must live as long as it. It belongs to the engine's thread and is used for many
/// transfers in turn.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  private let message: UnsafeMutablePointer<CChar>
  private var list: UnsafeMutablePointer<curl_slist>?

  init?() {
    guard let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
    message = .allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(pointer)
    curl_slist_free_all(list)
    message.deallocate()
  }

  /// Whether a connection that began as HTTP/2 without TLS can carry a second request: libcurl 7.88 adds another
  /// HTTP/2 layer to it and fails (curl #10634, mended in 8.0).
  static let keepsPriorKnowledge = mds_version() >= 0x08_00_00

  /// Forgets every option and header of the last transfer.
  func reset() {
    curl_easy_reset(pointer)
    curl_slist_free_all(list)
    list = nil
  }

  func set(_ option: CURLoption, _ value: Int) { _ = mds_set_long(pointer, option, value) }
  func set(_ option: CURLoption, _ value: String) { _ = mds_set_string(pointer, option, value) }
  func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) { _ = mds_set_pointer(pointer, option, value) }
  func set(_ option: CURLoption, bytes value: Int) { _ = mds_set_offset(pointer, option, curl_off_t(value)) }

  /// Adds one header line.
  func add(header line: String) { list = curl_slist_append(list, line) ?? list }

  /// Hands the added lines over to the transfer, and begins to listen for its error message.
  func finishHeaders() {
    _ = mds_set_list(pointer, CURLOPT_HTTPHEADER, list)
    message[0] = 0
    set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(message))
  }

  func long(_ info: CURLINFO) -> Int {
    var value = 0
    _ = mds_get_long(pointer, info, &value)
    return value
  }

  /// A time in microseconds or a size in bytes.
  func offset(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    _ = mds_get_offset(pointer, info, &value)
    return Int(value)
  }

  /// The address at the other end.
  var peer: String {
    var value: UnsafeMutablePointer<CChar>?
    _ = mds_get_string(pointer, CURLINFO_PRIMARY_IP, &value)
    return value.map { String(cString: $0) } ?? ""
  }

  /// libcurl's words on a failure: the particular ones, else the general ones of the code.
  func words(_ code: CURLcode) -> String {
    if message[0] != 0 { return String(cString: message) }
    return String(cString: curl_easy_strerror(code))
  }
}
