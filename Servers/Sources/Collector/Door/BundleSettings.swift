/// How bundles come in over the network.
public struct BundleSettings: Sendable {
  /// Whose signatures count, as ssh-keygen(1) has it; read for each bundle, so that a new line counts at once.
  public var allowedSigners: String
  /// Where a bundle lies, without a name, until it is in the tables.
  public var folder: String
  /// The most bytes of one.
  public var limit: Int

  public init(allowedSigners: String, folder: String, limit: Int = 64 << 20) {
    (self.allowedSigners, self.folder, self.limit) = (allowedSigners, folder, limit)
  }
}
