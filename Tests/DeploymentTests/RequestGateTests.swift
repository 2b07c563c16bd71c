import Testing

@testable import Deployment

@Suite("A gate of requests")
struct RequestGateTests {
  @Test("lets in as many as it may, and the next one for each that leaves")
  func limit() async {
    let gate = RequestGate(limit: 2)
    #expect(await gate.enter())
    #expect(await gate.enter())
    async let third = gate.enter()
    await gate.leave(failed: false)
    #expect(await third)
    async let fourth = gate.enter()
    await gate.set(limit: 3)
    #expect(await fourth)
  }

  @Test("lets nobody in behind a failure until that is dealt with")
  func failure() async {
    let gate = RequestGate(limit: 1)
    #expect(await gate.enter())
    async let next = gate.enter()
    await gate.leave(failed: true)
    await gate.release()
    #expect(await next)
    await gate.leave(failed: true)
    async let other = gate.enter()
    await gate.set(limit: 0)
    await gate.set(limit: 1)
    #expect(await other)
  }

  @Test("turns everybody away once it is closed")
  func closed() async {
    let gate = RequestGate(limit: 0)
    async let waiting = gate.enter()
    await gate.close()
    #expect(await !waiting)
    #expect(await !gate.enter())
  }
}
