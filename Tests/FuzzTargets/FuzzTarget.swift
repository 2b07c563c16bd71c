internal import Domain

/// What reads foreign bytes. Each is given any bytes at all, and says what promise was broken; a crash says it too.
public enum FuzzTarget: String, CaseIterable, Sendable {
  case json, canonicalJSON, eventBody, wireMessage, cursor, bundle, signature
  case inferenceRequest, inferenceResponse, metadata, serverSentEvents, explanation, detector
  case prometheus, retryAfter, grpc
  case settings, theme, catalogue, kubeconfig, profiles
  case keys, safeText, inputFile

  /// The promise that these bytes break; nil for none.
  public func violation(in bytes: [UInt8]) -> String? {
    switch self {
    case .json: JSONPromise.violation(in: bytes)
    case .canonicalJSON: JSONPromise.canonicalViolation(in: bytes)
    case .eventBody: EventPromise.violation(in: bytes)
    case .wireMessage: WirePromise.messageViolation(in: bytes)
    case .cursor: WirePromise.cursorViolation(in: bytes)
    case .bundle: BundlePromise.violation(in: bytes)
    case .signature: BundlePromise.signatureViolation(in: bytes)
    case .inferenceRequest: InferencePromise.requestViolation(in: bytes)
    case .inferenceResponse: InferencePromise.responseViolation(in: bytes)
    case .metadata: InferencePromise.metadataViolation(in: bytes)
    case .serverSentEvents: StreamPromise.eventViolation(in: bytes)
    case .grpc: StreamPromise.frameViolation(in: bytes)
    case .explanation: AnswerPromise.explanationViolation(in: bytes)
    case .detector: AnswerPromise.detectorViolation(in: bytes)
    case .prometheus: AnswerPromise.metricViolation(in: bytes)
    case .retryAfter: AnswerPromise.delayViolation(in: bytes)
    case .settings, .theme, .catalogue, .kubeconfig, .profiles: FilePromise.violation(of: self, in: bytes)
    case .keys: StreamPromise.keyViolation(in: bytes)
    case .safeText: TextPromise.violation(in: bytes)
    case .inputFile: FilePromise.inputViolation(in: bytes)
    }
  }
}

/// Any bytes, in pieces whose lengths follow from their first.
struct Pieces: Sequence {
  let bytes: [UInt8]

  func makeIterator() -> AnyIterator<[UInt8]> {
    let step = 1 + Int(bytes.first ?? 0) % 7
    var start = 0
    return AnyIterator {
      guard start < bytes.count else { return nil }
      let piece = Array(bytes[start..<Swift.min(start + step, bytes.count)])
      start += step
      return piece
    }
  }
}
