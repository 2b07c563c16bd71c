internal import Domain
internal import OpenInference

/// Tensors that are read hold as many elements as their shape says, and are written so that they are read as the same.
enum InferencePromise {
  /// The first three bytes say whether there are binary tensors, and where the JSON ends.
  private static func parted(_ bytes: [UInt8]) -> (body: [UInt8], headerLength: Int?) {
    guard bytes.count >= 3, bytes[0] & 1 == 1 else { return (Array(bytes.dropFirst()), nil) }
    return (Array(bytes.dropFirst(3)), Int(bytes[1]) << 8 | Int(bytes[2]))
  }

  private static let limits = ScanLimits(elements: 100_000, tensors: 100, depth: 32)

  static func requestViolation(in bytes: [UInt8]) -> String? {
    let (body, length) = parted(bytes)
    guard let request = try? InferenceRequest(decoding: body, headerLength: length, limits: limits) else { return nil }
    if let violation = violation(in: request.inputs) { return violation }
    for form in [WireForm.json, .binary] {
      guard let message = try? request.encoded(as: form) else { continue }
      guard
        let again = try? InferenceRequest(decoding: message.body, headerLength: message.headerLength, limits: limits)
      else { return "a request that was written cannot be read" }
      guard let rewritten = try? again.encoded(as: form), rewritten == message else {
        return "a request changes when it is written again"
      }
    }
    return nil
  }

  static func responseViolation(in bytes: [UInt8]) -> String? {
    let (body, length) = parted(bytes)
    guard let response = try? InferenceResponse(decoding: body, headerLength: length, limits: limits) else {
      return nil
    }
    if let violation = violation(in: response.outputs) { return violation }
    for isBinary in [false, true] {
      let request = InferenceRequest(
        parameters: [JSON.Member("binary_data_output", .bool(isBinary))], inputs: [], outputs: [])
      guard let message = try? response.encoded(for: request) else { continue }
      guard
        let again = try? InferenceResponse(decoding: message.body, headerLength: message.headerLength, limits: limits)
      else { return "a response that was written cannot be read" }
      guard let rewritten = try? again.encoded(for: request), rewritten == message else {
        return "a response changes when it is written again"
      }
    }
    return nil
  }

  private static func violation(in tensors: [Tensor]) -> String? {
    for tensor in tensors {
      let (product, isTooMany) = tensor.shape.reduce((1, false)) { count, side in
        let (product, overflow) = count.0.multipliedReportingOverflow(by: side)
        return (product, count.1 || overflow)
      }
      guard !isTooMany, product == tensor.elements.count else { return "a tensor is not of its shape" }
    }
    return nil
  }

  static func metadataViolation(in bytes: [UInt8]) -> String? {
    _ = try? ModelMetadata(decoding: bytes)
    _ = try? ServerMetadata(decoding: bytes)
    _ = try? RepositoryIndex(decoding: bytes)
    _ = try? RepositoryIndex(decodingNames: bytes)
    return ErrorBody(decoding: bytes).message.bytes.count > max(1000, bytes.count * 6) ? "words out of nothing" : nil
  }
}
