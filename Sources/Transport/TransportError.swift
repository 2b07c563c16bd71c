/// Why there is no answer. Reasons quote the other side and libcurl: they are foreign text. No token is ever in one.
public enum TransportError: Error, Hashable, Sendable {
  /// What a transfer was waiting for when time ran out.
  public enum Phase: String, Hashable, Sendable {
    case token = "waiting for the access token"
    case resolving = "looking up the name or waiting for a free connection"
    case connecting = "connecting"
    case securing = "agreeing on TLS"
    case sending = "sending the request"
    case answering = "waiting for the first byte of the answer"
    case receiving = "receiving the answer"
  }

  /// What was too large.
  public enum Part: String, Hashable, Sendable {
    case body, headers
  }

  case invalidURL(reason: String)
  case invalidRequest(reason: String)
  /// Plain http to another machine, which was not allowed.
  case insecure(origin: String)
  case cannotResolve(host: String)
  case refused(host: String, port: Int)
  case unreachable(host: String, port: Int, reason: String)
  /// The other side's certificate is not one that we trust for that name.
  case tlsUntrusted(host: String, reason: String)
  /// No TLS could be agreed on: another protocol on that port, a client certificate that is missing or not accepted.
  case tlsFailed(host: String, reason: String)
  case timedOut(phase: Phase, after: Duration, origin: String)
  case tooLarge(Part, limit: Int, origin: String)
  case cancelled
  /// The connection ended before the answer did.
  case connectionLost(origin: String, reason: String)
  /// What came back is no HTTP that can be read.
  case protocolError(origin: String, reason: String)
  /// A token file could not be read, or a token command gave none.
  case tokenUnavailable(reason: String)
  /// A file or setting of the configuration cannot be used.
  case misconfigured(reason: String)
  /// The streamed body of the request failed at its source.
  case bodyUnavailable(reason: String)
  /// The machine gave no memory, thread or descriptor.
  case exhausted(reason: String)
  /// The transport was closed.
  case closed
}

extension TransportError: CustomStringConvertible {
  /// What happened, where, and the limit that was crossed, in one line.
  public var description: String {
    switch self {
    case .invalidURL(let reason): "The URL cannot be used: \(reason)."
    case .invalidRequest(let reason): "The request cannot be sent: \(reason)."
    case .insecure(let origin):
      "\(origin) is plain http to another machine; use https, or allow it with insecure = true."
    case .cannotResolve(let host): "No address is known for \(host)."
    case .refused(let host, let port): "\(host) refused the connection on port \(port): nothing listens there."
    case .unreachable(let host, let port, let reason): "\(host) cannot be reached on port \(port): \(reason)."
    case .tlsUntrusted(let host, let reason): "The certificate of \(host) is not trusted: \(reason)."
    case .tlsFailed(let host, let reason) where reason.contains("wrong version number"):
      "No secure connection to \(host): \(reason). It seems to speak plain http there."
    case .tlsFailed(let host, let reason): "No secure connection to \(host): \(reason)."
    case .timedOut(let phase, let after, let origin):
      "\(origin) did not answer within \(after.spoken) (\(phase.rawValue))."
    case .tooLarge(.body, let limit, let origin):
      "The answer of \(origin) is larger than the limit of \(ByteCount.spoken(limit))."
    case .tooLarge(.headers, let limit, let origin):
      "The headers of \(origin) are larger than the limit of \(ByteCount.spoken(limit))."
    case .cancelled: "The request was cancelled."
    case .connectionLost(let origin, let reason) where reason.contains("Empty reply") && origin.hasPrefix("http:"):
      "The connection to \(origin) was lost: \(reason). It may speak https alone."
    case .connectionLost(let origin, let reason): "The connection to \(origin) was lost: \(reason)."
    case .protocolError(let origin, let reason): "\(origin) did not answer with readable HTTP: \(reason)."
    case .tokenUnavailable(let reason): "There is no access token: \(reason)."
    case .misconfigured(let reason): "The connection's settings cannot be used: \(reason)."
    case .bodyUnavailable(let reason): "The request's body could not be read: \(reason)."
    case .exhausted(let reason): "The machine has nothing left to connect with: \(reason)."
    case .closed: "The connection was closed on this side."
    }
  }
}
