/// An answer whose body is read while it arrives. Letting go of it ends the transfer.
public struct HTTPStream: Sendable {
  public let head: HTTPHead
  /// The body, decompressed, in pieces of any size; read it once. At most 256 KiB wait unread, then the server waits.
  public let body: Body
  private let lease: Lease

  init(head: HTTPHead, transfer: Transfer) {
    self.head = head
    lease = Lease(transfer: transfer)
    body = Body(lease: lease)
  }

  /// Fields that came after the body; complete once the body has ended.
  public var trailers: HTTPHeaders { lease.transfer.trailers }

  /// Whether the server is made to wait for the reader.
  var isPaused: Bool { lease.transfer.door.withLock { $0.isPaused } }

  /// The pieces of the body.
  public struct Body: AsyncSequence, Sendable {
    let lease: Lease

    public struct Iterator: AsyncIteratorProtocol {
      let lease: Lease

      public mutating func next() async throws(TransportError) -> [UInt8]? {
        try await lease.transfer.nextPiece()
      }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(lease: lease) }
  }

  /// Ends the transfer when the last one who could read it is gone.
  final class Lease: Sendable {
    let transfer: Transfer

    init(transfer: Transfer) { self.transfer = transfer }

    deinit { transfer.abandon(.cancelled) }
  }
}
