/// What a file or an option says cannot be used: the command line was understood, so how it is written helps nobody.
struct Unusable: Error, CustomStringConvertible {
  /// The exit status, as that of `mds` for the same.
  static let status: Int32 = 5

  var description: String

  init(_ description: String) { self.description = description }
}
