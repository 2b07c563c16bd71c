internal import Domain
internal import Hummingbird
internal import SyncProtocol

/// Knows whose request it is by its bearer token, and keeps out whoever has none.
struct Gate: Sendable {
  let tokens: TokenBook

  /// The token in force that the request carries, if it allows this.
  func token(of request: Request, for scope: TokenScope?) async throws -> TokenRecord {
    guard let header = request.headers[.authorization], let secret = Gate.secret(in: header),
      let token = try await tokens.find(secret.utf8)
    else { throw Refused(.unauthorized, Refusal("unauthorized", detail: "a token that is in force is needed")) }
    if let scope, !token.scopes.contains(scope) {
      throw Refused(
        .forbidden, Refusal("forbidden", detail: RawText("this token does not allow to \(scope.rawValue)")))
    }
    return token
  }

  private static func secret(in header: String) -> Substring? {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1]
  }
}
