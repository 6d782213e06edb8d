package org.firstlight.fleet.device;

/**
 * What an end user answered when claiming a device.
 *
 * @param country where the device is to work, ISO 3166-1 alpha-2, as "FR"
 * @param coverage id of the coverage chosen among those offered there
 * @param servicePlan id of the plan chosen among those offered there
 */
public record ClaimAnswers(String country, String coverage, String servicePlan) {}
