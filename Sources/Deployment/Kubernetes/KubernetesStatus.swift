public import Domain

/// A refusal of the Kubernetes API: its `Status` object, or as much of one as came.
public struct KubernetesStatus: Hashable, Sendable {
  /// The HTTP status, which in a watch stands in the object only.
  public var code: Int
  /// A word for programs: `Forbidden`, `Expired`; foreign.
  public var reason: RawText
  /// A sentence for people; foreign.
  public var message: RawText
  public var namespace: RawText

  public init(code: Int, reason: RawText = "", message: RawText = "", namespace: RawText = "") {
    self.code = code
    self.reason = reason
    self.message = message
    self.namespace = namespace
  }

  /// Reads a `Status`; nil where the object is another.
  init?(_ json: JSON, code: Int? = nil) {
    guard json["kind"]?.string == "Status" else { return nil }
    self.init(
      code: code ?? Int(truncatingIfNeeded: json["code"]?.integer ?? 0), reason: json["reason"]?.text ?? "",
      message: json["message"]?.text ?? "")
  }
}
