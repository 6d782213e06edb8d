package org.firstlight.cli;

/** The API refused, in its own words; or did not answer (status 0). */
public final class ApiFailure extends RuntimeException {
  private final int status;

  ApiFailure(String method, String path, int status, String detail) {
    super(status == 0 ? detail : "%s %s: %d %s".formatted(method, path, status, detail).strip());
    this.status = status;
  }

  public int status() {
    return status;
  }
}
