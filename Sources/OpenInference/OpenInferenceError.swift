public import Domain

/// Why a message is not one of the Open Inference Protocol, or cannot be written as one: where, and what.
public struct OpenInferenceError: Error, Hashable, Sendable {
  /// The part of the message, as a path: `outputs[0].data[17]`; empty for the message as a whole.
  public var place: String
  public var reason: Reason

  public enum Reason: Hashable, Sendable {
    /// The text breaks JSON's rules at this byte of the body.
    case notJSON(String, offset: Int)
    /// A member that the protocol requires is not there.
    case missing
    /// A value of another kind stands where this one is needed: `a list`, `true or false`.
    case expected(String)
    case unknownDatatype(RawText)
    /// A number that the tensor's datatype cannot hold, as it was written.
    case outsideDatatype(String, Datatype)
    /// A number with a fraction in a tensor of whole numbers, as it was written.
    case notWhole(String)
    /// More or fewer elements than the shape says.
    case wrongCount(Int, shape: [Int])
    /// More elements, or bytes, than the limit.
    case tooMany(limit: Int)
    /// An event of a stream with more bytes than the limit.
    case eventTooLarge(limit: Int)
    /// Lists nested deeper than the limit.
    case tooDeep(limit: Int)
    /// `Inference-Header-Content-Length` is no number, or more than the body has.
    case headerLength(RawText, bodySize: Int)
    /// A binary tensor of this many bytes where so many are needed, or left.
    case binarySize(Int, needed: Int)
    /// A BYTES element's length reaches past the tensor's bytes.
    case cutShort
    /// Bytes after the last binary tensor.
    case trailingBytes(Int)
    /// What JSON cannot carry: FP16, BF16, an infinity, text that is no UTF-8.
    case needsBinary(String)
    /// The bytes are no base64.
    case notBase64
    /// A success that says it failed: Triton's `generate` answers 200 with an `error`.
    case failed(RawText)
  }

  /// Whether the message may be right, and is only more than is read.
  public var isLimit: Bool {
    switch reason {
    case .tooMany, .tooDeep, .eventTooLarge: true
    default: false
    }
  }

  public init(_ reason: Reason, at place: String = "") {
    self.reason = reason
    self.place = place
  }
}

extension OpenInferenceError: CustomStringConvertible {
  /// `outputs[0].data[17]: 300 does not fit INT8`.
  public var description: String { place.isEmpty ? reason.text : "\(place): \(reason.text)" }
}

extension OpenInferenceError.Reason {
  /// What is wrong, as half a sentence.
  public var text: String {
    switch self {
    case .notJSON(let what, let offset): "no JSON: \(what) at byte \(offset)"
    case .missing: "missing"
    case .expected(let what): "\(what) is expected"
    case .unknownDatatype(let name): "no such datatype: \(name.string)"
    case .outsideDatatype(let number, let datatype): "\(number) does not fit \(datatype.rawValue)"
    case .notWhole(let number): "\(number) is not a whole number"
    case .wrongCount(let count, let shape): "\(count) elements for shape \(shape)"
    case .tooMany(let limit): "more than \(limit)"
    case .eventTooLarge(let limit): "an event is larger than \(limit) bytes"
    case .tooDeep(let limit): "nested deeper than \(limit)"
    case .headerLength(let text, let size):
      "Inference-Header-Content-Length should be 0 to \(size), but is \(text.string)"
    case .binarySize(let size, let needed): "\(size) bytes of binary data where \(needed) are needed"
    case .cutShort: "binary text ends before its length"
    case .trailingBytes(let count): "\(count) bytes follow the last binary tensor"
    case .needsBinary(let what): "\(what) cannot be sent as JSON, only as binary data"
    case .notBase64: "no base64"
    case .failed(let message): message.string
    }
  }
}
