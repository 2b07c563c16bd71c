internal import CCurl
internal import Glibc

/// How a request is put to libcurl.
extension Transfer {
  /// Sets every option of a fresh handle; fails where a file of the configuration cannot be used.
  func configure(_ handle: EasyHandle) throws(TransportError) {
    let configuration = engine.configuration
    // The rebuilt text: what was checked is what is used.
    handle.set(CURLOPT_URL, parts.description)
    handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
    handle.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
    handle.set(CURLOPT_PATH_AS_IS, 1)
    handle.set(CURLOPT_FOLLOWLOCATION, 0)
    handle.set(CURLOPT_NOSIGNAL, 1)
    // Without it, ending a transfer waits for its name look-up, and every other transfer with it.
    handle.set(CURLOPT_QUICK_EXIT, 1)
    handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    handle.set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
    handle.set(CURLOPT_TCP_KEEPALIVE, 1)
    handle.set(CURLOPT_TCP_KEEPIDLE, 15)
    handle.set(CURLOPT_TCP_KEEPINTVL, 15)
    handle.set(CURLOPT_USERAGENT, configuration.userAgent)
    handle.set(CURLOPT_BUFFERSIZE, 64 << 10)
    isFresh = wantsFreshConnection
    if isFresh { handle.set(CURLOPT_FRESH_CONNECT, 1) }
    setVersion(handle)
    setProxy(handle)
    if parts.scheme == .https { try setTrust(handle) }
    setMethod(handle)
    setHeaders(handle)
    listen(on: handle)
    engine.sockets.listen(on: handle)
  }

  private func setVersion(_ handle: EasyHandle) {
    switch (request.version, parts.scheme) {
    case (.http1, _), (.automatic, .http): handle.set(CURLOPT_HTTP_VERSION, Int(MDS_HTTP_1_1))
    case (.automatic, .https):
      handle.set(CURLOPT_HTTP_VERSION, Int(MDS_HTTP_2_OVER_TLS))
      // Rather share a connection that is being made than make another: it may carry many requests at a time.
      handle.set(CURLOPT_PIPEWAIT, 1)
    case (.http2PriorKnowledge, _):
      handle.set(CURLOPT_HTTP_VERSION, Int(MDS_HTTP_2_PRIOR_KNOWLEDGE))
      if EasyHandle.keepsPriorKnowledge {
        handle.set(CURLOPT_PIPEWAIT, 1)
      } else {
        handle.set(CURLOPT_FRESH_CONNECT, 1)
        handle.set(CURLOPT_FORBID_REUSE, 1)
      }
    }
  }

  private func setProxy(_ handle: EasyHandle) {
    switch engine.configuration.proxy {
    case _ where parts.isLoopback, .none: handle.set(CURLOPT_PROXY, "")
    case .environment: break
    case .url(let url, let bypassing):
      handle.set(CURLOPT_PROXY, url)
      handle.set(CURLOPT_NOPROXY, bypassing.joined(separator: ","))
    }
  }

  private func setTrust(_ handle: EasyHandle) throws(TransportError) {
    let configuration = engine.configuration
    handle.set(CURLOPT_SSL_VERIFYPEER, 1)
    handle.set(CURLOPT_SSL_VERIFYHOST, 2)
    handle.set(CURLOPT_SSLVERSION, Int(MDS_TLS_1_2))
    if let path = configuration.authorityPath { handle.set(CURLOPT_CAINFO, path) }
    if !configuration.pinnedPublicKeys.isEmpty {
      handle.set(CURLOPT_PINNEDPUBLICKEY, configuration.pinnedPublicKeys.map { "sha256//\($0)" }.joined(separator: ";"))
    }
    if let client = configuration.clientCertificate {
      var status = stat()
      guard stat(client.keyPath, &status) == 0 else {
        throw .misconfigured(reason: "the key \(client.keyPath) cannot be read (\(String(cString: strerror(errno))))")
      }
      guard status.st_mode & 0o077 == 0 else {
        throw .misconfigured(reason: "others can read the key \(client.keyPath); chmod 600 it")
      }
      handle.set(CURLOPT_SSLCERT, client.certificatePath)
      handle.set(CURLOPT_SSLKEY, client.keyPath)
    }
  }

  private func setMethod(_ handle: EasyHandle) {
    switch (request.method, request.body) {
    case ("HEAD", _): handle.set(CURLOPT_NOBODY, 1)
    case ("GET", .none): break
    case ("POST", .none):
      handle.set(CURLOPT_POSTFIELDSIZE, 0)
      handle.set(CURLOPT_COPYPOSTFIELDS, "")
    case (_, .none): handle.set(CURLOPT_CUSTOMREQUEST, request.method)
    case (_, .bytes(let bytes)) where bytes.count <= Self.smallBody:
      // Goes out with the headers, in one packet.
      handle.set(CURLOPT_POSTFIELDSIZE, bytes.count)
      bytes.withUnsafeBytes { handle.set(CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress)) }
      if request.method != "POST" { handle.set(CURLOPT_CUSTOMREQUEST, request.method) }
    case (_, .bytes(let bytes)): setUpload(handle, length: bytes.count)
    case (_, .stream(let source)): setUpload(handle, length: source.length)
    }
  }

  private func setUpload(_ handle: EasyHandle, length: Int?) {
    handle.set(CURLOPT_POST, 1)
    handle.set(CURLOPT_POSTFIELDSIZE_LARGE, bytes: length ?? -1)
    handle.set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
    if length == nil { handle.add(header: "Transfer-Encoding: chunked") }
    if request.method != "POST" { handle.set(CURLOPT_CUSTOMREQUEST, request.method) }
  }

  private func setHeaders(_ handle: EasyHandle) {
    var named = (type: false, authorization: false, encoding: false, host: false)
    for (name, value) in request.headers {
      // libcurl takes "Name;" for a header without a value; "Name:" would remove one.
      handle.add(header: value.isEmpty ? "\(name);" : "\(name): \(value)")
      switch name.lowercased() {
      case "content-type": named.type = true
      case "authorization": named.authorization = true
      case "accept-encoding": named.encoding = true
      case "host": named.host = true
      default: break
      }
    }
    if let host = engine.configuration.host, !named.host { handle.add(header: "Host: \(host)") }
    if let token, !named.authorization { handle.add(header: "Authorization: Bearer \(token.text)") }
    if request.acceptsGzip, !named.encoding { handle.add(header: "Accept-Encoding: gzip") }
    // Neither a made-up form type nor a wait for "100 Continue".
    if !named.type { handle.add(header: "Content-Type:") }
    handle.add(header: "Expect:")
    handle.finishHeaders()
  }

  /// libcurl sends a body of up to 64 KiB along with the headers.
  private static let smallBody = 60 << 10
}

extension HTTPRequest {
  /// Whether it brings its own credentials.
  var hasAuthorization: Bool { headers.contains { $0.name.lowercased() == "authorization" } }

  var repeatsOnDeadConnection: Bool {
    if case .stream = body { return false }
    return isRepeatable ?? ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(method)
  }

  /// Refuses a method, name or value that would not stay on its own line, and lengths that are not the caller's.
  func checkHeaders() throws(TransportError) {
    let token = { (text: String) in
      !text.isEmpty
        && text.utf8.allSatisfy { byte in
          (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
    guard token(method) else { throw .invalidRequest(reason: "its method is no word") }
    for (name, value) in headers {
      guard token(name) else { throw .invalidRequest(reason: "a header's name is no word") }
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw .invalidRequest(reason: "the header \(name) holds control characters")
      }
      guard !["content-length", "transfer-encoding", "expect"].contains(name.lowercased()) else {
        throw .invalidRequest(reason: "the header \(name) is set by the body")
      }
    }
  }
}
