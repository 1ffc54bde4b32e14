/**
 * A platform for EclipseLink, named by {@code eclipselink.target-database}. It may use EclipseLink alone; start with
 * {@link dev.pando.eclipselink.PandoPlatform}.
 */
@NullMarked
package dev.pando.eclipselink;

import org.jspecify.annotations.NullMarked;
