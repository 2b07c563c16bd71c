internal import CPostgres

/// An address as libpq reads it.
enum PostgresAddress {
  /// Throws for what is no address, and for one that holds a password.
  static func check(_ uri: String) throws(CollectorError) {
    var message: UnsafeMutablePointer<CChar>?
    let options = PQconninfoParse(uri, &message)
    defer {
      PQfreemem(message)
      PQconninfoFree(options)
    }
    guard var option = options else { throw .badAddress(message.map { String(cString: $0) } ?? "no memory") }
    while let name = option.pointee.keyword {
      if ["password", "sslpassword"].contains(String(cString: name)), option.pointee.val != nil {
        throw .passwordInAddress
      }
      option = option.successor()
    }
  }
}
