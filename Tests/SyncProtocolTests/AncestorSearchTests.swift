internal import Feedback
internal import Testing

@testable import SyncProtocol

@Suite("The last shared event") struct AncestorSearchTests {
  private func search(shared: Int, ours: Int, theirs: Int) -> (found: Int, questions: Int) {
    let stream = StreamID.numbered(1)
    let common = Stub.chain(shared, in: stream)
    let own = common + Stub.chain(ours, in: stream, after: common.last)
    let held = common + Stub.chain(theirs, in: stream, after: common.last, from: 5000)
    let head = held.last?.position ?? .empty
    var search = AncestorSearch(epoch: 1, head: head, last: own.count)
    var questions = 0
    while !search.isDone, questions < 50 {
      questions += 1
      let hashes = search.places.compactMap { held.indices.contains($0 - 1) ? held[$0 - 1].position : nil }
      search.narrow(by: StreamHashes(epoch: 1, head: head, hashes: hashes), own: Stub.hashes(own))
    }
    return (search.shared.seq, questions)
  }

  @Test("is found wherever it is") func everywhere() {
    for shared in [0, 1, 2, 31, 32, 33, 64, 100] {
      for ours in [0, 1, 5, 40] {
        for theirs in [0, 1, 7, 70] {
          #expect(search(shared: shared, ours: ours, theirs: theirs).found == shared)
        }
      }
    }
  }

  @Test("takes two questions among a thousand") func few() {
    #expect(search(shared: 700, ours: 300, theirs: 300).questions <= 2)
  }

  @Test("asks for rising places up to the last possible, and never for too many") func places() {
    for last in [1, 2, 31, 32, 33, 1_000_000] {
      let head = Position(seq: last, hash: .zero)
      let places = AncestorSearch(epoch: 1, head: head, last: last).places
      #expect(places.last == last && places.count <= StreamHashes.limit)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
