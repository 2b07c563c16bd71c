internal import Domain
internal import Feedback

/// The collector's stream and ours differ: find the last event that both share, then go back to it or fork.
extension SyncClient {
  mutating func diverge(_ batch: EventBatch, _ lineage: Lineage) -> [Effect] {
    guard phase == .pushing(batch) else { return [] }
    guard lineage.epoch >= cursor.epoch else {
      return finish(.stopped(.epochWentBack(from: cursor.epoch, to: lineage.epoch)))
    }
    return endIfStalled() ?? seek(AncestorSearch(epoch: lineage.epoch, head: lineage.head, last: last.seq))
  }

  mutating func search(_ stream: StreamID, _ answer: StreamHashes, _ own: [Int: Hash]) -> [Effect] {
    guard case .searching(var search) = phase, stream == cursor.stream else { return [] }
    guard answer.epoch >= cursor.epoch else {
      return finish(.stopped(.epochWentBack(from: cursor.epoch, to: answer.epoch)))
    }
    if answer.epoch != search.epoch || answer.head.seq < search.head.seq {
      // Restored in the middle of the search: what was learned before is void.
      return endIfStalled() ?? seek(AncestorSearch(epoch: answer.epoch, head: answer.head, last: last.seq))
    }
    search.narrow(by: answer, own: own)
    return seek(search)
  }

  private mutating func seek(_ search: AncestorSearch) -> [Effect] {
    guard search.isDone else {
      phase = .searching(search)
      return [.ask(.hashes(cursor.stream, at: search.places))]
    }
    guard search.shared.seq == search.head.seq else {
      // Somebody wrote other events at our places: a copied ledger, or ours was put back. Everything that is
      // retained is offered again under a new stream; what the collector has already becomes an alias there.
      phase = .forking
      return [.fork(shared: search.shared)]
    }
    // The collector is behind: it was restored. Its epoch was raised for that, or a copy was put in place by hand.
    cursor.epoch = search.epoch
    cursor.acked = search.shared
    cursor.safe = .empty
    return [.save(cursor)] + readOn()
  }
}
