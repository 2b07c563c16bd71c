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
      let limit = try limit(request)
      let seconds = try wait(request)
      guard seconds > 0 else {
        return Response(try await publications.page(after: cursor, for: token.analyst, limit: limit))
      }
      let page = try await watch.page(until: .now + .seconds(seconds)) { [cursor] in
        try await publications.page(after: cursor, for: token.analyst, limit: limit)
      }
      // It may have been revoked while it waited, and what has come since is not for it.
      guard try await TokenBook(database).isInForce(token.id) else { throw CallContext.unauthorized }
      return Response(page)
    }
    router.post("/v1/inbox/ack") { request, context in
      let token = try context.token(for: nil)
      let receipt: InboxReceipt = try await message(in: request)
      return Response(try await publications.acknowledge(receipt, by: token))
    }
  }

  private func limit(_ request: Request) throws -> Int {
    guard let text = request.uri.queryParameters["limit"] else { return PublicationBook.pageItems }
    guard let limit = Int(text), (1...PublicationBook.pageItems).contains(limit) else {
      throw Refused(WireError("limit is a number from 1 to \(PublicationBook.pageItems)"))
    }
    return limit
  }

  /// Seconds to wait for something; less than a connection may stand still.
  private func wait(_ request: Request) throws -> Int {
    guard let text = request.uri.queryParameters["wait"] else { return 0 }
    guard let seconds = Int(text), (0...PublicationWatch.longest).contains(seconds) else {
      throw Refused(WireError("wait is a number from 0 to \(PublicationWatch.longest)"))
    }
    return min(seconds, Int(settings.idle / .seconds(2)))
  }
}
