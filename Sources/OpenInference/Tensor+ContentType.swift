public import Domain

extension Tensor {
  /// The texts of a BYTES tensor, with base64 undone where its `content_type` says so; nil for any other datatype.
  ///
  /// Reading a message leaves base64 as it came, so that what is shown is what was sent.
  public func decodedTexts() throws(OpenInferenceError) -> [RawText?]? {
    guard let texts else { return nil }
    guard self[parameter: "content_type"]?.string == "base64" else { return texts }
    var decoded: [RawText?] = []
    for (index, text) in texts.enumerated() {
      guard let text else {
        decoded.append(nil)
        continue
      }
      guard let bytes = Base64.decoded(text.bytes) else {
        throw OpenInferenceError(.notBase64, at: "\(name.string)[\(index)]")
      }
      decoded.append(RawText(bytes: bytes))
    }
    return decoded
  }
}
