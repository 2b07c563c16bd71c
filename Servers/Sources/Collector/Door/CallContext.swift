internal import Domain
public import Hummingbird
public import NIOCore
internal import SyncProtocol

/// What is known of a request beside what it says: where it comes from, and whose token it carries.
public struct CallContext: RequestContext, RemoteAddressRequestContext {
  public var coreContext: CoreRequestContextStorage
  public let remoteAddress: SocketAddress?
  /// The token in force that came with it, whatever that allows.
  var caller: TokenRecord?

  public init(source: Source) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress
  }

  /// The token, if it allows this; refuses the request else.
  func token(for scope: TokenScope?) throws -> TokenRecord {
    guard let caller else { throw CallContext.unauthorized }
    if let scope, !caller.scopes.contains(scope) {
      throw Refused(
        .forbidden, Refusal("forbidden", detail: RawText("this token does not allow to \(scope.rawValue)")))
    }
    return caller
  }

  static var unauthorized: Refused {
    Refused(.unauthorized, Refusal("unauthorized", detail: "a token that is in force is needed"))
  }
}
