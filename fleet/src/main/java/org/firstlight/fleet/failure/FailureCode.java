package org.firstlight.fleet.failure;

import org.slf4j.event.Level;

/**
 * Why something did not happen, in the words that the API, the log, the metrics and the device's
 * answer share.
 */
public enum FailureCode {
  MALFORMED(400, 400, Level.INFO, false),
  UNAUTHENTICATED(401, 401, Level.INFO, false),
  FORBIDDEN(403, 403, Level.INFO, false),
  NOT_FOUND(404, 404, Level.INFO, false),
  CONFLICT(409, 409, Level.INFO, false),
  PRECONDITION_FAILED(412, 412, Level.INFO, false),
  UNSUPPORTED(405, 422, Level.INFO, false),
  RATE_LIMITED(503, 429, Level.INFO, true),
  DEVICE_UNREACHABLE(503, 503, Level.INFO, true),
  DEVICE_TIMEOUT(504, 504, Level.WARN, true),
  DEVICE_REJECTED(502, 502, Level.WARN, false),
  DEPENDENCY_UNAVAILABLE(503, 503, Level.ERROR, true),
  OUTCOME_UNKNOWN(502, 502, Level.WARN, false),
  INTERNAL(500, 500, Level.ERROR, false);

  private final int coapCode;
  private final int httpStatus;
  private final Level logLevel;
  private final boolean retryable;

  FailureCode(int coapCode, int httpStatus, Level logLevel, boolean retryable) {
    this.coapCode = coapCode;
    this.httpStatus = httpStatus;
    this.logLevel = logLevel;
    this.retryable = retryable;
  }

  /** CoAP code as class * 100 + detail, so 4.04 is 404 (RFC 7252 §12.1.2). */
  public int coapCode() {
    return coapCode;
  }

  public int httpStatus() {
    return httpStatus;
  }

  public Level logLevel() {
    return logLevel;
  }

  /** Value of the metric tag {@code failure}. */
  public String metricTag() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Whether the same request may succeed later without anyone changing anything. */
  public boolean retryable() {
    return retryable;
  }
}
