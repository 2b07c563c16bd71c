internal import Hummingbird
internal import SyncProtocol

/// What is published for the analyst whose token it is.
extension Collector {
  func addInbox(to router: some RouterMethods<CallContext>) {
    router.get("/v1/inbox") { request, context in
      let token = try context.token(for: nil)
      var cursor = LogCursor.start
      if let text = request.uri.queryParameters["after"] {
        guard let given = LogCursor(text: String(text)) else { throw Refused(WireError("after is no cursor")) }
        cursor = given
      }
      return Response(try await publications.page(after: cursor, for: token.analyst))
    }
  }
}
