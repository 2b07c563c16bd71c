/// How tensors travel.
public enum WireForm: Hashable, Sendable {
  case json
  /// The binary tensor extension: raw elements after the JSON.
  case binary
}

/// A message ready to be sent: its bytes and the headers that they need.
public struct EncodedMessage: Hashable, Sendable {
  public var body: [UInt8]
  /// Bytes of JSON before the binary tensors; nil when there are none.
  public var headerLength: Int?

  public init(body: [UInt8], headerLength: Int? = nil) {
    self.body = body
    self.headerLength = headerLength
  }

  /// The header that says where the JSON ends.
  public static let headerLengthField = "Inference-Header-Content-Length"

  /// `application/json`, or `application/octet-stream` with binary tensors.
  public var contentType: String { headerLength == nil ? "application/json" : "application/octet-stream" }

  /// The value of `Inference-Header-Content-Length` as a number.
  public static func headerLength(_ text: String) throws(OpenInferenceError) -> Int {
    guard let length = Int(text), length >= 0 else {
      throw OpenInferenceError(.expected("a number of bytes"), at: headerLengthField)
    }
    return length
  }
}
