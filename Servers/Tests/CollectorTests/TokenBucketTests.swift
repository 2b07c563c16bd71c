internal import Testing

@testable import Collector

@Suite("A bucket of requests") struct TokenBucketTests {
  private static let rate = TokenBucket.Rate(perMinute: 100, burst: 20)

  @Test("lets a burst through at once, then one each 600 ms, and says when there is room for an exchange of five")
  func evenly() throws {
    var bucket = TokenBucket(Self.rate, now: .zero)
    func isAbout(_ wait: Duration?, _ milliseconds: Int) throws -> Bool {
      let difference = try #require(wait) - .milliseconds(milliseconds)
      return difference < .microseconds(1) && difference > .microseconds(-1)
    }
    for _ in 0..<20 { #expect(bucket.take(now: .zero) == nil) }
    #expect(try isAbout(bucket.take(now: .zero), 3000))
    #expect(try isAbout(bucket.take(now: .milliseconds(150)), 2850))
    #expect(bucket.take(now: .milliseconds(600)) == nil)
    #expect(try isAbout(bucket.take(now: .milliseconds(600)), 3000))
    for _ in 0..<5 { #expect(bucket.take(now: .milliseconds(3601)) == nil) }
  }

  @Test("whatever the times: never more than the burst and the rate's share since, and a wait that is kept is enough")
  func holds() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = Seeded(state: seed)
      let rate = TokenBucket.Rate(
        perMinute: Int.random(in: 1...600, using: &random), burst: Int.random(in: 1...50, using: &random))
      var bucket = TokenBucket(rate, now: .zero)
      var now = Duration.zero
      var granted: [Duration] = []
      for _ in 0..<120 {
        if let wait = bucket.take(now: now) {
          #expect(wait > .zero)
          // A nanosecond more: what is left of a request after so many divisions is not the bucket's concern.
          if Bool.random(using: &random) {
            now += wait + .nanoseconds(1)
            #expect(bucket.take(now: now) == nil, "seed \(seed)")
            granted.append(now)
          }
        } else {
          granted.append(now)
        }
        now += .milliseconds(Int.random(in: 0...400, using: &random))
      }
      for (first, start) in granted.enumerated() {
        for (last, end) in granted.enumerated().dropFirst(first) {
          let most = Double(rate.burst) + (end - start) / .seconds(1) * Double(rate.perMinute) / 60
          #expect(Double(last - first + 1) <= most + 1e-6, "seed \(seed)")
        }
      }
    }
  }

  @Test("gains nothing from a clock that goes back, and holds no more than its burst after a year") func clocks() {
    var bucket = TokenBucket(Self.rate, now: .seconds(100))
    for _ in 0..<20 { #expect(bucket.take(now: .seconds(100)) == nil) }
    #expect(bucket.take(now: .zero) != nil)
    #expect(bucket.take(now: .seconds(100)) != nil)
    #expect(!bucket.isFull(now: .seconds(100)))
    let later = Duration.seconds(365 * 86_400)
    #expect(bucket.isFull(now: later))
    var granted = 0
    while bucket.take(now: later) == nil { granted += 1 }
    #expect(granted == 20)
  }
}
