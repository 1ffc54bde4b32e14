package dev.pando.jdbc.connection;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;

/** The parameters of a statement. */
final class PandoParameterMetaData implements ParameterMetaData {
    private final List<ParameterMeta> parameters;

    PandoParameterMetaData(List<ParameterMeta> parameters) {
        this.parameters = parameters;
    }

    private ParameterMeta parameter(int index) throws SQLException {
        if (index < 1 || index > parameters.size()) {
            throw PandoSqlState.PARAMETER_COUNT.exception(
                    "there is no parameter " + index + "; the statement has " + parameters.size());
        }
        return parameters.get(index - 1);
    }

    @Override
    public int getParameterCount() {
        return parameters.size();
    }

    @Override
    public int isNullable(int index) throws SQLException {
        parameter(index);
        return parameterNullableUnknown;
    }

    @Override
    public boolean isSigned(int index) throws SQLException {
        return SqlTypes.isNumber(parameter(index).type());
    }

    @Override
    public int getPrecision(int index) throws SQLException {
        return parameter(index).precision();
    }

    @Override
    public int getScale(int index) throws SQLException {
        return parameter(index).scale();
    }

    @Override
    public int getParameterType(int index) throws SQLException {
        return parameter(index).type().jdbcType();
    }

    @Override
    public String getParameterTypeName(int index) throws SQLException {
        return parameter(index).type().typeName();
    }

    @Override
    public String getParameterClassName(int index) throws SQLException {
        return SqlTypes.objectClass(parameter(index).type()).getName();
    }

    @Override
    public int getParameterMode(int index) throws SQLException {
        parameter(index);
        return parameterModeIn;
    }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        return JdbcErrors.unwrap(this, wanted);
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) {
        return wanted.isInstance(this);
    }
}
