internal import CCurl
internal import Glibc

/// What came of a transfer, in our words.
extension Transfer {
  /// The head as it is known now.
  var head: HTTPHead {
    guard let handle else { return HTTPHead(status: reader.status, headers: reader.headers) }
    let version =
      switch handle.long(CURLINFO_HTTP_VERSION) {
      case 1: "1.0"
      case 3: "2"
      case 30: "3"
      default: "1.1"
      }
    return HTTPHead(
      status: reader.status, headers: reader.headers, version: version,
      isConnectionReused: handle.long(CURLINFO_NUM_CONNECTS) == 0, peer: handle.peer)
  }

  /// The whole answer as it is known now; takes the body out.
  func takeResponse() -> HTTPResponse {
    defer { body = [] }
    let head = head
    var timings = HTTPTimings(total: .nanoseconds(Monotonic.now() - began))
    if let handle {
      let connect = max(handle.offset(CURLINFO_CONNECT_TIME_T), handle.offset(CURLINFO_APPCONNECT_TIME_T))
      timings.connect = head.isConnectionReused ? .zero : .microseconds(connect)
      timings.firstByte = .microseconds(handle.offset(CURLINFO_STARTTRANSFER_TIME_T))
    }
    return HTTPResponse(head: head, body: body, trailers: reader.trailers, timings: timings)
  }

  /// The failure of an answer whose connection ended well while its packed body did not.
  var cutOff: TransportError? {
    guard let inflation, !inflation.isWhole, let handle, handle.offset(CURLINFO_SIZE_DOWNLOAD_T) > 0 else { return nil }
    return .protocolError(origin: parts.origin, reason: Gzip.Failure.truncated.description)
  }

  /// What a code of libcurl's means for this transfer.
  func error(_ code: CURLcode) -> TransportError {
    if let failure { return failure }
    guard let handle else { return .closed }
    let reason = redacted(handle.words(code))
    let (host, port, origin) = (parts.host, parts.port, parts.origin)
    // TLS 1.3 says so after the handshake, to whoever sends or reads first.
    let isOfCertificate = [
      "certificate required", "bad certificate", "unknown ca", "certificate expired",
      "certificate revoked", "certificate unknown", "unsupported certificate",
    ].contains { reason.contains("alert " + $0) }
    if isOfCertificate, code != CURLE_PEER_FAILED_VERIFICATION {
      return .misconfigured(
        reason: "\(host) takes clients by their certificate, and refused this one's, or that there is none: \(reason)")
    }
    switch code {
    case CURLE_URL_MALFORMAT: return .invalidURL(reason: reason)
    case CURLE_COULDNT_RESOLVE_HOST: return .cannotResolve(host: host)
    case CURLE_COULDNT_RESOLVE_PROXY: return .cannotResolve(host: "the proxy")
    case CURLE_COULDNT_CONNECT where handle.long(CURLINFO_OS_ERRNO) == Int(ECONNREFUSED) && !usesProxy:
      return .refused(host: host, port: port)
    case CURLE_COULDNT_CONNECT, CURLE_PROXY: return .unreachable(host: host, port: port, reason: reason)
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(phase: phase, after: request.connectTimeout, origin: origin)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR: return .tlsUntrusted(host: host, reason: reason)
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return .tlsUntrusted(host: host, reason: "its public key is none of those pinned")
    case CURLE_SSL_CACERT_BADFILE:
      return .misconfigured(
        reason: "the authorities in \(engine.configuration.authorityPath ?? "the system's file") "
          + "cannot be read")
    case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND: return .misconfigured(reason: reason)
    case CURLE_SSL_CONNECT_ERROR: return .tlsFailed(host: host, reason: reason)
    case CURLE_OUT_OF_MEMORY: return .exhausted(reason: reason)
    case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND,
      CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .connectionLost(origin: origin, reason: reason)
    default: return .protocolError(origin: origin, reason: reason)
    }
  }

  /// The words of libcurl should never quote a token; should they, it does not get out.
  private func redacted(_ words: String) -> String {
    let words = token.map { words.replacing($0.text, with: $0.description) } ?? words
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }

  private var usesProxy: Bool { !parts.isLoopback && engine.configuration.proxy != .none }
}
