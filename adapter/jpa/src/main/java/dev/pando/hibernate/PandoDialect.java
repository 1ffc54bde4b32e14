package dev.pando.hibernate;

import jakarta.persistence.TemporalType;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.boot.model.FunctionContributions;
import org.hibernate.boot.model.TypeContributions;
import org.hibernate.dialect.DatabaseVersion;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.NationalizationSupport;
import org.hibernate.dialect.TimeZoneSupport;
import org.hibernate.dialect.function.CommonFunctionFactory;
import org.hibernate.dialect.identity.IdentityColumnSupport;
import org.hibernate.dialect.pagination.LimitHandler;
import org.hibernate.dialect.pagination.OffsetFetchLimitHandler;
import org.hibernate.dialect.sequence.SequenceSupport;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.LockAcquisitionException;
import org.hibernate.exception.LockTimeoutException;
import org.hibernate.exception.spi.SQLExceptionConversionDelegate;
import org.hibernate.exception.spi.ViolatedConstraintNameExtractor;
import org.hibernate.query.spi.QueryOptions;
import org.hibernate.query.sqm.IntervalType;
import org.hibernate.query.sqm.TemporalUnit;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.sql.ast.SqlAstTranslatorFactory;
import org.hibernate.sql.ast.spi.StandardSqlAstTranslatorFactory;
import org.hibernate.tool.schema.extract.internal.SequenceInformationExtractorLegacyImpl;
import org.hibernate.tool.schema.extract.spi.SequenceInformationExtractor;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.jdbc.UUIDJdbcType;
import org.hibernate.type.descriptor.sql.internal.DdlTypeImpl;
import org.jspecify.annotations.Nullable;

/** Pando's SQL for Hibernate ORM 6.6, which finds it by itself. Thread-safe. */
public final class PandoDialect extends Dialect {
    /** Characters and bytes that VARCHAR and VARBINARY hold; more are CLOB and BLOB. */
    private static final int TEXT_MAX = 65_535;

    /** Names of constraints stand in brackets at the end of a message. */
    private static final Pattern CONSTRAINT = Pattern.compile("\\((\\w+)\\)\\s*$");

    /** For those who name it in {@code hibernate.dialect}. */
    public PandoDialect() {
        super(DatabaseVersion.make(0, 1));
    }

    /** Of the database that the metadata tells. */
    public PandoDialect(DialectResolutionInfo info) {
        super(info);
    }

    @Override
    protected String columnType(int typeCode) {
        return switch (typeCode) {
            case SqlTypes.TIME_WITH_TIMEZONE, SqlTypes.TIME_UTC -> "time($p)";
            default -> super.columnType(typeCode);
        };
    }

    @Override
    protected void registerColumnTypes(TypeContributions contributions, ServiceRegistry services) {
        super.registerColumnTypes(contributions, services);
        contributions
                .getTypeConfiguration()
                .getDdlTypeRegistry()
                .addDescriptor(new DdlTypeImpl(SqlTypes.UUID, "uuid", this));
    }

    @Override
    public void contributeTypes(TypeContributions contributions, ServiceRegistry services) {
        super.contributeTypes(contributions, services);
        contributions.contributeJdbcType(UUIDJdbcType.INSTANCE);
    }

    @Override
    public int getMaxVarcharLength() {
        return TEXT_MAX;
    }

    @Override
    public int getMaxVarbinaryLength() {
        return TEXT_MAX;
    }

    @Override
    public NationalizationSupport getNationalizationSupport() {
        return NationalizationSupport.IMPLICIT;
    }

    @Override
    public TimeZoneSupport getTimeZoneSupport() {
        return TimeZoneSupport.NORMALIZE;
    }

    @Override
    public void initializeFunctionRegistry(FunctionContributions contributions) {
        super.initializeFunctionRegistry(contributions);
        CommonFunctionFactory functions = new CommonFunctionFactory(contributions);
        functions.windowFunctions();
        functions.listagg(null);
        functions.leftRight();
        functions.pad();
        functions.repeat();
        functions.reverse();
        functions.initcap();
        functions.translate();
        functions.degrees();
        functions.radians();
        functions.pi();
        functions.cot();
        functions.trim2();
        functions.octetLength();
        functions.bitLength();
        functions.dateTrunc();
        functions.nowCurdateCurtime();
    }

    @Override
    public String timestampaddPattern(TemporalUnit unit, TemporalType type, IntervalType interval) {
        return switch (unit) {
            case NANOSECOND, NATIVE -> "timestampadd(microsecond,(?2)/1000,?3)";
            default -> "timestampadd(?1,?2,?3)";
        };
    }

    @Override
    public String timestampdiffPattern(TemporalUnit unit, TemporalType from, TemporalType to) {
        return switch (unit) {
            case NANOSECOND, NATIVE -> "timestampdiff(microsecond,?2,?3)*1000";
            default -> "timestampdiff(?1,?2,?3)";
        };
    }

    @Override
    public long getFractionalSecondPrecisionInNanos() {
        return 1_000;
    }

    @Override
    public int getDefaultTimestampPrecision() {
        return 6;
    }

    @Override
    public SqlAstTranslatorFactory getSqlAstTranslatorFactory() {
        return new StandardSqlAstTranslatorFactory();
    }

    @Override
    public SequenceSupport getSequenceSupport() {
        return PandoSequences.INSTANCE;
    }

    @Override
    public String getQuerySequencesString() {
        return "select * from INFORMATION_SCHEMA.SEQUENCES";
    }

    @Override
    public SequenceInformationExtractor getSequenceInformationExtractor() {
        return SequenceInformationExtractorLegacyImpl.INSTANCE;
    }

    @Override
    public IdentityColumnSupport getIdentityColumnSupport() {
        return PandoIdentity.INSTANCE;
    }

    @Override
    public LimitHandler getLimitHandler() {
        return OffsetFetchLimitHandler.INSTANCE;
    }

    @Override
    public String getForUpdateNowaitString() {
        return " for update nowait";
    }

    @Override
    public boolean supportsNoWait() {
        return true;
    }

    @Override
    public boolean supportsSkipLocked() {
        return false;
    }

    @Override
    public boolean supportsWait() {
        return false;
    }

    @Override
    public boolean supportsOuterJoinForUpdate() {
        return false;
    }

    /** Where a query joins, its rows are locked one by one afterwards: FOR UPDATE is for queries of one table. */
    @Override
    public boolean useFollowOnLocking(String sql, QueryOptions options) {
        return sql.contains(" join ");
    }

    /** What bulk changes of joined tables note down is of no concern to other nodes. */
    @Override
    public String getTemporaryTableCreateCommand() {
        return "create local table";
    }

    @Override
    public boolean supportsDistinctFromPredicate() {
        return true;
    }

    @Override
    public boolean supportsStandardArrays() {
        return true;
    }

    @Override
    public boolean dropConstraints() {
        return false;
    }

    @Override
    public String getCascadeConstraintsString() {
        return " cascade";
    }

    @Override
    public boolean supportsIfExistsBeforeTableName() {
        return true;
    }

    @Override
    public boolean supportsCommentOn() {
        return true;
    }

    @Override
    public boolean supportsValuesList() {
        return true;
    }

    @Override
    public boolean supportsWindowFunctions() {
        return true;
    }

    @Override
    public boolean supportsRecursiveCTE() {
        return true;
    }

    @Override
    public boolean doesReadCommittedCauseWritersToBlockReaders() {
        return false;
    }

    @Override
    public boolean supportsCurrentTimestampSelection() {
        return true;
    }

    @Override
    public boolean isCurrentTimestampSelectStringCallable() {
        return false;
    }

    @Override
    public String getCurrentTimestampSelectString() {
        return "select current_timestamp";
    }

    @Override
    public ViolatedConstraintNameExtractor getViolatedConstraintNameExtractor() {
        return PandoDialect::constraintOf;
    }

    private static @Nullable String constraintOf(SQLException failure) {
        Matcher matcher = CONSTRAINT.matcher(String.valueOf(failure.getMessage()));
        return matcher.find() ? matcher.group(1) : null;
    }

    @Override
    public SQLExceptionConversionDelegate buildSQLExceptionConversionDelegate() {
        return (failure, message, sql) -> switch (String.valueOf(failure.getSQLState())) {
            case "HYT00", "55P03" -> new LockTimeoutException(message, failure, sql);
            case "40001" -> new LockAcquisitionException(message, failure, sql);
            case "23505" ->
                new ConstraintViolationException(
                        message,
                        failure,
                        sql,
                        ConstraintViolationException.ConstraintKind.UNIQUE,
                        constraintOf(failure));
            default -> null;
        };
    }
}
