/// What a reader takes before it gives up: a message from outside may be of any size and shape.
public struct ScanLimits: Hashable, Sendable {
  /// Elements of all tensors of a message together.
  public var elements: Int
  /// Tensors of a message.
  public var tensors: Int
  /// Lists within lists, of data or of parameters.
  public var depth: Int

  public init(elements: Int = 32_000_000, tensors: Int = 10_000, depth: Int = 32) {
    self.elements = elements
    self.tensors = tensors
    self.depth = depth
  }

  public static let standard = ScanLimits()
}
